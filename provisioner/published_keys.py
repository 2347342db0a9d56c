"""Keys published with other software, as SHA-256 digests: whoever knows one can forge a session."""

from __future__ import annotations

PUBLISHED = frozenset(
    {
        "e97b5f7fbf0f26e00b4c16a0f03886a2a3274abd9d8e07f8834639395a71eb08",  # Mathesar
        "4b00e2726043354c2c4efecc51be38d8bfc2a4e9f3ef54e8b9a225c99038ecf8",  # Superset
        "9026d3d1734f0b094984dc375921cb7fe152a2d70eb269386cfcb0dcb86568e4",  # Superset
        "a28a295474b3367bfd26f361968fb9fbd2d47f95e330201cd03b38cacfe03af6",  # Superset
        "fe18bd40b727a37ecce96ec8f474a82508c191b0c3bb3c47d325335cd467ad97",  # Superset
        "3f7aa5c0b56cad6ccbfc84814cd4b16a1abf3dd31d60b6f1663cc751b2a0d2a6",  # Superset
        "889041e8368708c03a9764f0a05a977b24a3fdd6eff2c9fb9dc7737167bb68c6",  # Superset
        "26fd2cb96404507841385bd67e6f16710e44c7fe924c7e5be55177f37af52027",  # Superset
        "f3c3964ca854e172366f81d8bdb327da487c2f8a15f954b116e28961dd6585c0",  # Grafana
        "1ce575e3a562cf61fdefba461c4882d5de0a858d4eb6986072fa7965fb4a8e51",  # Paperless-ngx
        "d8180b04313ece39938933d66146accbd5c226f4743af9fd3b8c5922074cfe06",  # Taiga
        "5dcca5ebc8f51336af6c037d2018a08c6db2dd101decb62172ef951b2b874400",  # Weblate
        "52f004438faf780274c9c95f79d1cf39d2355fbcf035899fc0242b1437f30df3",  # Supabase
        "9524778ec96458f7d842cbe42d743ab9b1e068841c2c805fa4045ad898ad4282",  # Redash
        "e89b5470f37e7fd0b3d82a60bca00c0d109180fbe5b4ca8b3835f2e334db01b0",  # NetBox
        "e7d3414104b20ea6ccf66b64d08342607f821639d5bd05907437b948e87a3ae3",  # Label Studio
        "ea29c2a21734ac9928a3df4fcba9c55ecef790f3858a1a9ca25a248f01191367",  # PostHog
        "b0f3a96ded759f6c5f13d27881ffcbfd7821fd6bb5858b0ab819e7a187e46452",  # Supabase
        "7f59edafa4d502ca0156b8fddf28394634d77b1843838b5783a7c9c95fcbd32f",  # Supabase
        "1453cea2dc3799e9026e42b3e465e455256d5a149582e4c5b92d4c8d604731a2",  # Supabase
        "f039584f6fa7b792ae93170180a36e43ab9bf339083ab193f2b2d31cc1ac9591",  # Weblate
        "0a53c0992edae8ceb04c7a32ee47b49ad0b229c17b073e8c24683111c843d45e",  # Supabase
        "627507f04b33fb434001b83fa1d73b39c7d9a88f2b9a3aec652527a7f0ea571a",  # Supabase
        "80d1c192cf2210c5282179cc9989f4be2e9b24605daabe1bc7da10fd9ed842ed",  # Supabase
    }
)

# Mathesar 0.1.4 to 0.1.7 shipped a default key that begins with these 16 characters.
PUBLISHED_PREFIXES = frozenset({"17c562ca781feca077388400473253dda2db4c39713da1c1c8c24ae7cfd73a33"})
PREFIX_LENGTH = 16
