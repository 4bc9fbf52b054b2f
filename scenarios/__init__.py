"""Market-impact methods as pure numerical functions: arrays in, arrays out, no files."""
