"""Areas, how they nest, their outlines and denominators, and the homes and buildings in them.

Words: a *small area* is a lower-layer super output area; its *vintage* (2011 or 2021) is the edition of small areas
that its code belongs to; an *edition* is one version of one denominator, such as households of the 2011 census. Used by
every room that asks where something is or what a rate is per. Positions are whole metres of the British National Grid.

Follows the ONS guide to census geography for codes and for the nesting of areas.
"""
