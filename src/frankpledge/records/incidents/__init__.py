"""The catalogue of evidence: what came in, from whom, and what became of it.

Words: a *source* is a kind of file (data.police.uk street-level crime, a police extract), a *publisher* is who it comes
from (Leicestershire Police), a *batch* is one publisher's period from one source, accepted as a whole. A batch is
*current* (figures are made from it), *superseded* (the publisher sent the period again) or *withdrawn* (a person took
it out and said why). The events themselves lie in Parquet files (``frankpledge.evidence``); here stand the catalogue,
the *quarantine* of rows that could not be used, and *uploads* waiting to be read. Analysts add and withdraw; everybody
who may see evidence sees the grid of what is in, missing and sent again.
"""
