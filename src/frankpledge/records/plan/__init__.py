"""The partnership's three-year plan: priorities with reasons, objectives, targets, profiles, milestones and money.

Words: a *plan* covers three financial years and is refreshed each year as a new *version*. A *priority* has a reason,
its evidence (figures), a lead agency, and answers who suffers, who offends, where and when. Its *objectives* are
measured by *targets*, each on a baseline. A *profile* spreads a target over the quarters of a year. *Milestones* are
dated steps. Money is *lines* (funding by source, expenditure by category) of *cells*; a cell may be *to be confirmed*
(t.b.c.), which is unknown and never nought, so that every total over it says "at least". A *virement* moves money
between lines.

Read by everybody in the partnership, written by its coordinator; money moves only when a manager approves.
Guidance: Crime and Disorder (Formulation and Implementation of Strategy) Regulations 2007 (SI 2007/1830), regs 10, 11.
"""
