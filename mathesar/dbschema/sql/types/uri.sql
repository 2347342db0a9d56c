-- RFC 3986, with letters of any language as in RFC 3987; "C" so that the classes of characters are the same everywhere.
CALL mathesar_types.make_domain('uri', 'text',
    $rule$VALUE ~ '^[a-zA-Z][a-zA-Z0-9+.-]*:([^[:cntrl:][:space:]<>"{}|\\^`%]|%[0-9a-fA-F]{2})+$' COLLATE "C"$rule$,
    'A URI with its scheme, such as https://example.org/; any scheme, so do not follow it unseen.');

CREATE OR REPLACE FUNCTION mathesar_types.cast_to_uri(value text) RETURNS mathesar_types.uri
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE
        WHEN btrim(value) = '' THEN NULL
        -- a host with a dot, perhaps a port, and nothing before it
        WHEN btrim(value) ~ '^[a-zA-Z0-9-]+([.][a-zA-Z0-9-]+)*[.][a-zA-Z]{2,}(:[0-9]+)?([/?#]|$)'
            THEN 'https://' || btrim(value)
        ELSE btrim(value)
    END::mathesar_types.uri
$$;
COMMENT ON FUNCTION mathesar_types.cast_to_uri(text) IS
    'A URI from text: space around it is cut off, empty text is NULL, and a host without a scheme gets https.';
