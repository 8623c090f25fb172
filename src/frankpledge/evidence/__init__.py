"""The columnar store: immutable Parquet files of events, and the engines that query them.

``store`` writes files whole or not at all, ``queries`` says what can be asked (Ibis expressions), ``engine`` answers.
Which files are current is not known here: that is the catalogue's (``records.incidents``).
"""
