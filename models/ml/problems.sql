with

declarations as (
    {% for problem in var('problems') %}
        select
            '{{ problem }}' as problem,
            read_declaration({{ literal(tojson(declaration(problem))) }}) as declared
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

problems as (

    select
        declarations.problem,
        declarations.declared.task,
        declarations.declared.label,
        declarations.declared.prediction_time,
        declarations.declared.label_known,
        declarations.declared.entity,
        declarations.declared.first_cutoff,
        declarations.declared.last_cutoff,
        declarations.declared.cutoff_months,
        declarations.declared.calibration_days,
        declarations.declared.gate_days,
        declarations.declared.metric,
        declarations.declared.baseline,
        declarations.declared.groups,
        declarations.declared.reweigh,
        declarations.declared.gates,
        declarations.declared.coverage,
        declarations.declared.offset_days,
        declarations.declared.categorical,
        declarations.declared.parameters,
        declarations.declared.seed,
        declarations.declared.tune_before
    from declarations

)

select * from problems
order by problem
