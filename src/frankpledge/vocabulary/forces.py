"""Police forces as data.police.uk names them: the words in ``Reported by`` and the slug in its file names.

The 43 territorial forces of England and Wales, British Transport Police and the Police Service of Northern Ireland, and
the made-up force of the demo partnership.
"""

# slug -> name as published
FORCES: dict[str, str] = {
    "avon-and-somerset": "Avon and Somerset Constabulary",
    "bedfordshire": "Bedfordshire Police",
    "btp": "British Transport Police",
    "cambridgeshire": "Cambridgeshire Constabulary",
    "cheshire": "Cheshire Constabulary",
    "city-of-london": "City of London Police",
    "cleveland": "Cleveland Police",
    "cumbria": "Cumbria Constabulary",
    "derbyshire": "Derbyshire Constabulary",
    "devon-and-cornwall": "Devon & Cornwall Police",
    "dorset": "Dorset Police",
    "durham": "Durham Constabulary",
    "dyfed-powys": "Dyfed-Powys Police",
    "essex": "Essex Police",
    "gloucestershire": "Gloucestershire Constabulary",
    "greater-manchester": "Greater Manchester Police",
    "gwent": "Gwent Police",
    "hampshire": "Hampshire Constabulary",
    "hertfordshire": "Hertfordshire Constabulary",
    "humberside": "Humberside Police",
    "kent": "Kent Police",
    "lancashire": "Lancashire Constabulary",
    "leicestershire": "Leicestershire Police",
    "lincolnshire": "Lincolnshire Police",
    "merseyside": "Merseyside Police",
    "metropolitan": "Metropolitan Police Service",
    "norfolk": "Norfolk Constabulary",
    "north-wales": "North Wales Police",
    "north-yorkshire": "North Yorkshire Police",
    "northamptonshire": "Northamptonshire Police",
    "northern-ireland": "Police Service of Northern Ireland",
    "northumbria": "Northumbria Police",
    "nottinghamshire": "Nottinghamshire Police",
    "south-wales": "South Wales Police",
    "south-yorkshire": "South Yorkshire Police",
    "staffordshire": "Staffordshire Police",
    "suffolk": "Suffolk Constabulary",
    "surrey": "Surrey Police",
    "sussex": "Sussex Police",
    "thames-valley": "Thames Valley Police",
    "warwickshire": "Warwickshire Police",
    "west-mercia": "West Mercia Police",
    "west-midlands": "West Midlands Police",
    "west-yorkshire": "West Yorkshire Police",
    "wiltshire": "Wiltshire Police",
    # made up, for the demo partnership
    "brackenshire": "Brackenshire Constabulary",
}

# Names a force has also gone by, before or since.
OTHER_NAMES: dict[str, str] = {
    "Hampshire and Isle of Wight Constabulary": "hampshire",
    "Dyfed Powys Police": "dyfed-powys",
    "Devon and Cornwall Police": "devon-and-cornwall",
    "Metropolitan Police": "metropolitan",
    "West Mercia Constabulary": "west-mercia",
    "Avon & Somerset Constabulary": "avon-and-somerset",
    "Avon and Somerset Police": "avon-and-somerset",
}

_SLUGS = {name: slug for slug, name in FORCES.items()} | OTHER_NAMES


def force_slug(name: str) -> str | None:
    """``Leicestershire Police`` -> ``leicestershire``; None for a name no force bears."""
    return _SLUGS.get(name.strip())
