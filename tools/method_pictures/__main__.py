"""Draw every picture of the methods again."""

from tools.method_pictures import write_all

print(f"{len(write_all())} pictures drawn")
