"""Where Python meets dbt, the lake and the command line; all input and output."""
