"""`dask`: calls on a cluster of `dask.distributed`, started here or already running elsewhere."""
