-- What browsers take in a field for e-mail addresses (HTML Living Standard, 4.10.5.1.5), and the lengths of RFC 5321.
CALL mathesar_types.make_domain('email', 'text',
    $rule$char_length(VALUE) <= 254 AND VALUE ~ '^[a-zA-Z0-9.!#$%&''*+/=?^_`{|}~-]{1,64}@[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?([.][a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$'$rule$,
    'An e-mail address.');

CREATE OR REPLACE FUNCTION mathesar_types.cast_to_email(value text) RETURNS mathesar_types.email
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$ SELECT nullif(btrim(value), '')::mathesar_types.email $$;
COMMENT ON FUNCTION mathesar_types.cast_to_email(text) IS
    'An e-mail address from text: space around it is cut off, empty text is NULL, anything else that is none is an error.';
