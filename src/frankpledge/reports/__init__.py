"""Results into tables, charts, maps and documents. No calculation, no Django."""
