"""Events looked at from every side: one set of filters; every view a picture, a table and a download."""
