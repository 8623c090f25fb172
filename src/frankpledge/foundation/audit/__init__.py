"""Append-only, hash-chained record of every act on personal data (Data Protection Act 2018, s.62)."""
