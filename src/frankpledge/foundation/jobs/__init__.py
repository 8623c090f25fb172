"""Work that takes longer than a page: started by name, visible, retried within limits, safe to kill.

A job is started inside the caller's transaction: if that is rolled back, the job never was. A worker claims it under a
lease and renews the lease while it works; when a worker is killed its lease ends and another takes the job again. A job
may therefore run more than once, also after it has half finished, so **every registered function is idempotent**: it
looks at what is already there, does what is missing, and doing all of it twice changes nothing.

Arguments hold record ids and plain choices, never personal data: they outlive the records they name. Words: *job* (one
piece of work), *attempt* (one try at it), *lease* (until when the worker that claimed it is believed), *worker* (a
process that does jobs), *stop* (a person asks for a job to end early).
"""
