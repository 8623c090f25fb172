"""From any finding, priority, target, action or figure to what it rests on and what came of it.

Also the other way round, and what hangs on no thread at all.
"""
