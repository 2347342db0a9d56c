CALL mathesar_types.make_domain('mathesar_json_array', 'jsonb',
    $rule$jsonb_typeof(VALUE) = 'array'$rule$,
    'A JSON array.');

CALL mathesar_types.make_domain('mathesar_json_object', 'jsonb',
    $rule$jsonb_typeof(VALUE) = 'object'$rule$,
    'A JSON object.');

CREATE OR REPLACE FUNCTION mathesar_types.cast_to_mathesar_json_array(value text) RETURNS mathesar_types.mathesar_json_array
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$ SELECT nullif(btrim(value), '')::jsonb::mathesar_types.mathesar_json_array $$;
COMMENT ON FUNCTION mathesar_types.cast_to_mathesar_json_array(text) IS
    'A JSON array from text; empty text is NULL.';

CREATE OR REPLACE FUNCTION mathesar_types.cast_to_mathesar_json_object(value text) RETURNS mathesar_types.mathesar_json_object
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$ SELECT nullif(btrim(value), '')::jsonb::mathesar_types.mathesar_json_object $$;
COMMENT ON FUNCTION mathesar_types.cast_to_mathesar_json_object(text) IS
    'A JSON object from text; empty text is NULL.';
