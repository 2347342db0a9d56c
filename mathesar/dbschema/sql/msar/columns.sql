CREATE OR REPLACE FUNCTION msar.columns(table_id oid) RETURNS jsonb
LANGUAGE sql STABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce(jsonb_agg(jsonb_build_object(
        'number', a.attnum,
        'name', a.attname,
        'type', format_type(a.atttypid, a.atttypmod),
        'type_oid', a.atttypid::bigint,
        'description', col_description(a.attrelid, a.attnum),
        'nullable', NOT a.attnotnull,
        'primary_key', coalesce(a.attnum = ANY (k.conkey), false),
        'identity', a.attidentity <> '',
        'generated', a.attgenerated <> '',
        'default', pg_get_expr(d.adbin, d.adrelid),
        'may_select', has_column_privilege(a.attrelid, a.attnum, 'SELECT'),
        'may_update', has_column_privilege(a.attrelid, a.attnum, 'UPDATE')
    ) ORDER BY a.attnum), '[]')
    FROM pg_attribute a
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    LEFT JOIN pg_constraint k ON k.conrelid = a.attrelid AND k.contype = 'p'
    WHERE a.attrelid = table_id AND a.attnum > 0 AND NOT a.attisdropped
$$;
COMMENT ON FUNCTION msar.columns(oid) IS
    'The columns of a table or view as a JSON array in their order; types from outside PostgreSQL with their schema.';

CREATE OR REPLACE FUNCTION msar.constraints(table_id oid) RETURNS jsonb
LANGUAGE sql STABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce(jsonb_agg(jsonb_build_object(
        'oid', c.oid::bigint,
        'name', c.conname,
        'kind', CASE c.contype
            WHEN 'p' THEN 'primary key' WHEN 'u' THEN 'unique' WHEN 'f' THEN 'foreign key'
            WHEN 'c' THEN 'check' WHEN 'x' THEN 'exclusion' WHEN 'n' THEN 'not null' ELSE 'trigger'
        END,
        'columns', to_jsonb(c.conkey),
        'other_table', nullif(c.confrelid, 0)::bigint,
        'other_columns', to_jsonb(c.confkey),
        'definition', pg_get_constraintdef(c.oid)
    ) ORDER BY c.conname), '[]')
    FROM pg_constraint c
    WHERE c.conrelid = table_id
$$;
COMMENT ON FUNCTION msar.constraints(oid) IS
    'The constraints of a table as a JSON array in the order of their names; columns by their numbers.';
