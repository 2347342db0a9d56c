DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_type WHERE typname = 'multicurrency' AND typnamespace = 'mathesar_types'::regnamespace
    ) THEN
        CREATE TYPE mathesar_types.multicurrency AS (value numeric, currency char(3));
    END IF;
END
$$;
COMMENT ON TYPE mathesar_types.multicurrency IS
    'An amount with its currency, unchecked; multicurrency_money is the type for columns.';
COMMENT ON COLUMN mathesar_types.multicurrency.value IS 'The amount, exact.';
COMMENT ON COLUMN mathesar_types.multicurrency.currency IS 'Three capital letters as in ISO 4217, such as EUR.';

-- A composite type cannot have checks; a domain over it can.
CALL mathesar_types.make_domain('multicurrency_money', 'mathesar_types.multicurrency',
    $rule$VALUE IS NULL OR ((VALUE).value IS NOT NULL AND (VALUE).value - (VALUE).value = 0 AND (VALUE).currency IS NOT NULL AND (VALUE).currency ~ '^[A-Z]{3}$')$rule$,
    'An amount of money with its currency (ISO 4217), both or neither.');

CREATE OR REPLACE FUNCTION mathesar_types.cast_to_multicurrency(value text) RETURNS mathesar_types.multicurrency
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    given text := btrim(value);
    code text;
    amount text;
BEGIN
    IF getdatabaseencoding() = 'UTF8' THEN  -- the signs of the euro and the pound; that of the dollar has many meanings
        given := replace(replace(given, chr(8364), ' EUR '), chr(163), ' GBP ');
    END IF;
    IF btrim(given) = '' THEN
        RETURN NULL;
    END IF;
    code := coalesce(
        substring(given FROM '^[(]?"?[^,]+"?,"?([A-Za-z]{3})"?[)]$'),
        substring(given FROM '^ *[-+(]? *([A-Za-z]{3})[^A-Za-z]'),
        substring(given FROM '[^A-Za-z]([A-Za-z]{3})[ )]*$')
    );
    -- the row's own text form is (12.50,EUR)
    amount := coalesce(substring(given FROM '^[(]"?([^,]+)"?,"?[A-Za-z]{3}"?[)]$'), replace(given, code, ''));
    IF code IS NULL OR amount ~ '[A-Za-z$]' THEN
        RAISE invalid_text_representation USING MESSAGE = 'this is not an amount of money with its currency';
    END IF;
    RETURN ROW(mathesar_types.cast_to_mathesar_money(amount)::numeric, upper(code)::char(3))::mathesar_types.multicurrency;
END
$$;
COMMENT ON FUNCTION mathesar_types.cast_to_multicurrency(text) IS
    'An amount with its currency from text: 12.50 EUR, EUR 12,50, (12.50,EUR). Empty text is NULL.';

CREATE OR REPLACE FUNCTION mathesar_types.cast_to_multicurrency_money(value text) RETURNS mathesar_types.multicurrency_money
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$ SELECT mathesar_types.cast_to_multicurrency(value)::mathesar_types.multicurrency_money $$;
COMMENT ON FUNCTION mathesar_types.cast_to_multicurrency_money(text) IS
    'As cast_to_multicurrency, and checked.';

-- PostgreSQL ignores casts on domains (with a warning), so there is a real one for the composite type alone; it
-- serves the domain over it as well.
DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_cast
        WHERE castsource = 'text'::regtype AND casttarget = 'mathesar_types.multicurrency'::regtype
    ) THEN
        CREATE CAST (text AS mathesar_types.multicurrency) WITH FUNCTION mathesar_types.cast_to_multicurrency(text);
    END IF;
END
$$;
COMMENT ON CAST (text AS mathesar_types.multicurrency) IS 'Reads an amount with its currency.';
