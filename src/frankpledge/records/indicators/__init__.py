"""What the partnership measures, and every figure it has worked out or been told: a figure knows its numerator,
denominator and version, unit, period, place, source, method and interval.
"""
