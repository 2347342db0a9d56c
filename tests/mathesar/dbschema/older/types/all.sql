CALL mathesar_types.make_domain('email', 'text', $rule$VALUE LIKE '%@%'$rule$, 'An address.');

CREATE OR REPLACE FUNCTION mathesar_types.cast_to_email(given text) RETURNS mathesar_types.email
LANGUAGE sql IMMUTABLE
AS $$ SELECT given::mathesar_types.email $$;

CALL mathesar_types.make_domain('mathesar_money', 'numeric', 'VALUE - VALUE = 0', 'An amount.');

CALL mathesar_types.make_domain('phone', 'text', $rule$VALUE ~ '^[0-9+]+$'$rule$, 'A telephone number.');

CREATE OR REPLACE FUNCTION mathesar_types.cast_to_phone(value text) RETURNS mathesar_types.phone
LANGUAGE sql IMMUTABLE
AS $$ SELECT value::mathesar_types.phone $$;

CREATE OR REPLACE FUNCTION mathesar_types.forget(value text) RETURNS text
LANGUAGE sql IMMUTABLE
AS $$ SELECT ''::text $$;
