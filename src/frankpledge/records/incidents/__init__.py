"""The catalogue of evidence: sources, batches, quarantine; what came in, from whom, and what became of it."""
