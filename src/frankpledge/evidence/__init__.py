"""The columnar store: immutable Parquet files of events, and the engines that query them."""
