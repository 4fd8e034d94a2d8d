"""A recorded experiment's table on disk: CSV, or Parquet where there are many rows."""

import json

import pandas as pd


def write_table(table: pd.DataFrame, path, facts: dict) -> None:
    """Write a table by the ending of its path; Parquet also carries the facts about it."""
    if path.suffix == ".csv":
        table.to_csv(path, index=False, float_format="%.5g")
        return
    from fastparquet import write

    part = path.with_name(f"part-{path.name}")
    write(str(part), table, compression="ZSTD", custom_metadata={"record": json.dumps(facts)})
    part.replace(path)


def read_table(path) -> pd.DataFrame:
    """Read what `write_table` wrote."""
    if path.suffix == ".csv":
        return pd.read_csv(path)
    from fastparquet import ParquetFile

    with path.open("rb") as file:
        return ParquetFile(file).to_pandas()
