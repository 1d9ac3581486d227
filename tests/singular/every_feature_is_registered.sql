-- A column of a dataset is a key, the label, or a feature that features.registry knows.
with

registry as (

    select * from {{ ref('registry') }}

),

dataset_features as (

    {{ rows_of(dataset_features()) }}

)

select
    dataset_features.problem,
    dataset_features.feature
from dataset_features
left join registry
    on
        dataset_features.feature = registry.feature
        and ', ' || registry.used_by || ','
        like '%, ' || dataset_features.problem || ',%'
where registry.feature is null
