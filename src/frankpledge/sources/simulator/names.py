"""Made-up names. They are words of trades, water, birds and stone joined with a word for a street: no person, no firm.

Aldercombe, Brackenshire and their neighbours do not exist. Codes begin with X and property numbers with 999 at thirteen
digits, neither of which is ever issued; no real postcode begins with X.
"""

FORCE_NAME = "Brackenshire Constabulary"
FORCE_SLUG = "brackenshire"
DISTRICT = "Aldercombe"
PARTNERSHIP = "Safer Aldercombe"
POSTCODE_AREA = "XA"

FORCE_CODE = "X23000001"
DISTRICT_CODE = "X07000001"

NEIGHBOURING_DISTRICTS = ("Ravelstoke", "Thornmere", "Hallowdown", "West Brackenshire")

# fmt: off
STEMS = (
    "Alder", "Anvil", "Arbour", "Ash", "Badger", "Barley", "Basket", "Beacon", "Bellfield", "Birch", "Bittern",
    "Bobbin", "Bracken", "Bramble", "Brickfield", "Bridle", "Brook", "Burdock", "Cask", "Chaffinch", "Chalk",
    "Cinder", "Clay", "Clover", "Cobble", "Colliery", "Cooper", "Copper", "Cornmill", "Curlew", "Cutler", "Dovecote",
    "Drift", "Drover", "Dunlin", "Elder", "Fallow", "Fern", "Ferry", "Fieldfare", "Flax", "Flint", "Forge", "Foundry",
    "Furrow", "Gatehouse", "Glebe", "Goldfinch", "Gorse", "Granary", "Gravel", "Hawthorn", "Hazel", "Headstock",
    "Heron", "Hollow", "Hopper", "Ironstone", "Kestrel", "Kiln", "Kingcup", "Lapwing", "Larch", "Lark", "Leat",
    "Limekiln", "Linnet", "Lock", "Loom", "Mallard", "Malthouse", "Maple", "Marl", "Meadow", "Mill", "Millrace",
    "Moorhen", "Nailer", "Nettle", "Nuthatch", "Orchard", "Osier", "Otter", "Packhorse", "Paddock", "Pinfold",
    "Pitman", "Plover", "Poplar", "Potter", "Primrose", "Quarry", "Quarrybank", "Redstart", "Reed", "Ropewalk",
    "Rowan", "Saddle", "Sandpiper", "Sawpit", "Sedge", "Shearing", "Shuttle", "Siding", "Signal", "Skylark", "Slate",
    "Sluice", "Smithy", "Sorrel", "Spindle", "Spinney", "Stable", "Starling", "Station", "Swallow", "Swift",
    "Tannery", "Teasel", "Thatch", "Thistle", "Thorn", "Tile", "Tinder", "Toll", "Turnstone", "Wagon", "Wagtail",
    "Wain", "Warren", "Watermill", "Weaver", "Weir", "Wharf", "Wheelwright", "Whinchat", "Willow", "Windmill",
    "Woodlark", "Yarrow",
)
# fmt: on

# Kinds of street by the age and shape of the quarter.
SUFFIXES: dict[str, tuple[str, ...]] = {
    "centre": ("Street", "Row", "Lane", "Yard", "Passage", "Hill"),
    "terrace": ("Street", "Road", "Terrace", "Row", "Lane"),
    "semi": ("Road", "Avenue", "Grove", "Crescent", "Drive"),
    "estate": ("Close", "Way", "Walk", "Court", "Drive", "Rise"),
    "detached": ("Drive", "Gardens", "Avenue", "Way", "Chase"),
    "village": ("Lane", "Green", "Road", "End", "Close"),
}

# What data.police.uk calls a map point that is not a street.
SPECIAL_POINTS = (
    "Supermarket",
    "Shopping Area",
    "Parking Area",
    "Petrol Station",
    "Park/Open Space",
    "Sports/Recreation Area",
    "Bus/Coach Station",
    "Nightclub",
    "Hospital",
    "Police Station",
)
