-- What less itself is 0 is neither NaN nor infinite.
CALL mathesar_types.make_domain('mathesar_money', 'numeric',
    'VALUE - VALUE = 0',
    'An amount of money without its currency, exact.');

CREATE OR REPLACE FUNCTION mathesar_types.cast_to_mathesar_money(value text) RETURNS mathesar_types.mathesar_money
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    -- 1 to 3 letters as in EUR, kr, Fr. and US$, or a symbol; no backslash, which a session may read otherwise
    unit constant text := '([$]|[A-Za-z]{1,3}[.$]?|[A-Za-z]?[^ -~]{1,3})?';
    amount constant text := '([0-9][0-9.,'' ]*[0-9]|[.]?[0-9]+)';
    given text := btrim(value);
    found text[];
    number text;
BEGIN
    IF getdatabaseencoding() = 'UTF8' THEN  -- the spaces of typesetters, their minus and apostrophe
        given := translate(given, chr(160) || chr(8201) || chr(8239) || chr(8722) || chr(8217), '   -''');
    END IF;
    IF btrim(given) = '' THEN
        RETURN NULL;
    END IF;
    found := regexp_match(given, '^([(]?) *([-+]?) *' || unit || ' *([-+]?) *' || amount || ' *' || unit || ' *([)]?)$');
    IF found IS NULL OR (found[1] = '(') <> (found[7] = ')') OR length(found[1] || found[2] || found[4]) > 1 THEN
        RAISE invalid_text_representation USING MESSAGE = 'this is not an amount of money';
    END IF;
    number := found[5];
    IF number ~ '[ '']' THEN
        IF number !~ '^[0-9]{1,3}([ ''][0-9]{3})+([.,][0-9]+)?$' THEN
            RAISE invalid_text_representation USING MESSAGE = 'this is not an amount of money';
        END IF;
        number := replace(regexp_replace(number, '[ '']', '', 'g'), ',', '.');
    ELSIF number ~ '^[0-9]*[.]?[0-9]+$' THEN
        NULL;  -- one point, or none: as PostgreSQL writes numbers
    ELSIF number ~ '^[0-9]{1,3}(,[0-9]{2,3})*,[0-9]{3}([.][0-9]+)?$' THEN
        number := replace(number, ',', '');
    ELSIF number ~ '^[0-9]{1,3}([.][0-9]{3})+,[0-9]+$' OR number ~ '^[0-9]{1,3}([.][0-9]{3}){2,}$' THEN
        number := replace(replace(number, '.', ''), ',', '.');
    ELSIF number ~ '^[0-9]+,[0-9]+$' THEN
        number := replace(number, ',', '.');
    ELSE
        RAISE invalid_text_representation USING MESSAGE = 'this is not an amount of money';
    END IF;
    RETURN CASE WHEN '-' IN (found[2], found[4]) OR found[1] = '(' THEN -number::numeric ELSE number::numeric END;
END
$$;
COMMENT ON FUNCTION mathesar_types.cast_to_mathesar_money(text) IS
    'An amount from text: 1234.5, 1,234.50, 1.234,50, 1 234,50, $12, 12 EUR, -3, (3). A comma before three digits '
    'separates thousands, a single point is the decimal point. Empty text is NULL.';
