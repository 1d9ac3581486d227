-- Rows from which silver can read no fact are kept in silver.rejected_records.
{{ config(severity='warn') }}

select
    file,
    row_number_in_file,
    reason
from {{ ref('rejected_records') }}
