-- The least that any warehouse of these marts does: read the day's files, write as many rows as Parquet.
copy (from manifest_file)
to (getvariable('marts') || '/parcel_manifest.parquet') (format parquet, compression zstd);
copy (from low_value_file)
to (getvariable('marts') || '/low_value_declaration.parquet') (format parquet, compression zstd);
copy (from declaration_file)
to (getvariable('marts') || '/customs_declaration.parquet') (format parquet, compression zstd);
