"""Words and shapes everyone shares: crime types, periods, areas, columns, units, doubts and errors.

No behaviour beyond conversion, nothing imported from any other floor, nothing outside the standard library.
"""
