"""Safe homes: residents ask, homes are offered in turn of need, crews fit and advise, and what was done is known.

Words: a *request* is one home that asked or was referred; a *cocoon* is the offer to a burgled home and its neighbours;
a *visit* is a crew's call at a home; a *measure* is what may be fitted; a *kit* is property-marking with a unique code.
Used by coordinators, crews, and residents through the public form.
"""
