-- Lines that could not be read are kept in bronze.rejected_rows; a build says so.
{{ config(severity='warn') }}

select
    file,
    line_number,
    reason
from {{ ref('rejected_rows') }}
