{{/* What the schema cannot say, or not in words; all of it at once. No message repeats a value that may be a secret. */}}
{{- define "mathesar.problems" -}}
{{- $v := .Values -}}
{{- $found := list -}}
{{- if not $v.image.repository -}}
{{- $found = append $found "image.repository: say where the image is, as registry.example.com/team/mathesar" -}}
{{- end -}}
{{- if and $v.image.tag $v.image.digest -}}
{{- $found = append $found "image.tag: image.digest is set, too, and would win; with image.digest: \"\" the tag counts (a released chart comes with its image's digest)" -}}
{{- end -}}
{{- if not $v.database.type -}}
{{- $found = append $found "database.type: say which database holds Mathesar's own tables: existing (a Secret with its URL), cloudnativepg (a cluster made here), url, or trial (one small pod, for trying out)" -}}
{{- end -}}
{{- if and (eq $v.database.type "existing") (not $v.database.secretName) -}}
{{- $found = append $found "database.secretName: name the Secret that holds the database's URL; CloudNativePG calls it <cluster>-app" -}}
{{- end -}}
{{- if and (eq $v.database.type "url") (not $v.database.url) -}}
{{- $found = append $found "database.url: give the database's URL, or better a Secret with it (database.type: existing)" -}}
{{- end -}}
{{- if and $v.database.secretName (ne $v.database.type "existing") -}}
{{- $found = append $found "database.secretName: it is read with database.type existing alone" -}}
{{- end -}}
{{- if and $v.database.url (ne $v.database.type "url") -}}
{{- $found = append $found "database.url: it is read with database.type url alone" -}}
{{- end -}}
{{- range $name, $database := $v.databases -}}
{{- if eq (empty $database.url) (empty $database.secretName) -}}
{{- $found = append $found (printf "databases.%s: give either secretName (and secretKey) or url" $name) -}}
{{- end -}}
{{- if hasKey $v.secretEnv (include "mathesar.databaseVariable" $name) -}}
{{- $found = append $found (printf "secretEnv.%s: databases.%s is the same database" (include "mathesar.databaseVariable" $name) $name) -}}
{{- end -}}
{{- if and $v.secrets.existingSecret $database.url -}}
{{- $found = append $found (printf "databases.%s.url: with secrets.existingSecret the chart makes no Secret; name one with secretName" $name) -}}
{{- end -}}
{{- end -}}
{{- range $problem := include "mathesar.badNames" . | fromJsonArray }}{{ $found = append $found $problem }}{{ end -}}
{{- if and $v.secrets.existingSecret $v.database.url -}}
{{- $found = append $found "database.url: with secrets.existingSecret the chart makes no Secret; use database.type existing" -}}
{{- end -}}
{{- range $name, $ignored := $v.secretEnv -}}
{{- if hasKey $v.env $name -}}
{{- $found = append $found (printf "env.%s: it is in secretEnv, too" $name) -}}
{{- end -}}
{{- end -}}
{{- if and $v.ingress.enabled (not $v.ingress.hosts) -}}
{{- $found = append $found "ingress.hosts: name the host under which people open the site" -}}
{{- end -}}
{{- if and $v.gateway.enabled (not $v.gateway.hostnames) -}}
{{- $found = append $found "gateway.hostnames: name the host under which people open the site" -}}
{{- end -}}
{{- if and $v.gateway.enabled (not $v.gateway.parentRefs) -}}
{{- $found = append $found "gateway.parentRefs: name the Gateway that the route belongs to" -}}
{{- end -}}
{{- if and $v.networkPolicy.enabled $v.networkPolicy.egress.enabled (has $v.database.type (list "existing" "url")) (not $v.networkPolicy.egress.databases) -}}
{{- $found = append $found "networkPolicy.egress.databases: say where the database is, as [{cidr: 10.0.0.0/8, port: 5432}]; nothing else is let out, and no pod would reach it" -}}
{{- end -}}
{{- if and $v.autoscaling.enabled (gt (int $v.autoscaling.minReplicas) (int $v.autoscaling.maxReplicas)) -}}
{{- $found = append $found "autoscaling.minReplicas: it is more than maxReplicas" -}}
{{- end -}}
{{- if lt (int (include "mathesar.connectionShare" .)) 9 -}}
{{- $found = append $found (printf "database.connectionLimit: %v connections are too few for %s replicas, which need 9 each" $v.database.connectionLimit (include "mathesar.mostReplicas" .)) -}}
{{- end -}}
{{- if $found -}}
{{- fail (printf "\n\nThe values do not fit together:\n  - %s\n" (join "\n  - " $found)) -}}
{{- end -}}
{{- end }}

{{/* What is wrong with names that are keys in the values, as a list in JSON. */}}
{{- define "mathesar.badNames" -}}
{{- $v := .Values -}}
{{- $found := list -}}
{{- $own := list "APP_PLATFORM" "APP_URL" "APP_MEMORY_MB" "APP_CONNECTION_LIMIT" "PORT" "ALLOWED_HOSTS" "MATHESAR_ALLOWED_HOSTS" "MATHESAR_BIND" "MATHESAR_DATA_DIR" "DATABASE_URL" "SECRET_KEY" "MATHESAR_SETUP_CODE" "MATHESAR_DATABASES" -}}
{{- range $name, $ignored := $v.databases -}}
{{- if not (regexMatch "^[a-z0-9][a-z0-9_]{0,47}$" $name) -}}
{{- $found = append $found (printf "databases.%s: a name has up to 48 lower-case letters, digits and _" $name) -}}
{{- end -}}
{{- end -}}
{{- range $table, $variables := dict "env" $v.env "secretEnv" $v.secretEnv -}}
{{- range $name, $ignored := $variables -}}
{{- if not (regexMatch "^[A-Z][A-Z0-9_]*$" $name) -}}
{{- $found = append $found (printf "%s.%s: a variable's name has capital letters, digits and _" $table $name) -}}
{{- else if has $name $own -}}
{{- $found = append $found (printf "%s.%s: the chart sets it itself, from other values" $table $name) -}}
{{- else if and (eq $table "env") (regexMatch "PASS|SECRET|TOKEN|CREDENTIAL|SETUP_CODE|DATABASE(_.*)?_URL$" $name) -}}
{{- $found = append $found (printf "env.%s: it may be a secret, which belongs into a Secret and into secretEnv" $name) -}}
{{- else if hasSuffix "_FILE" $name -}}
{{- $found = append $found (printf "%s.%s: no file is mounted into the pods; use secretEnv with the name less _FILE" $table $name) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- range $name, $ignored := $v.podLabels -}}
{{- if regexMatch "^(app\\.kubernetes\\.io|helm\\.sh)/" $name -}}
{{- $found = append $found (printf "podLabels.%s: the chart sets the labels of app.kubernetes.io and helm.sh itself" $name) -}}
{{- end -}}
{{- end -}}
{{- if hasKey $v.podAnnotations "checksum/secrets" -}}
{{- $found = append $found "podAnnotations.checksum/secrets: the chart sets it itself" -}}
{{- end -}}
{{- $found | toJson -}}
{{- end }}
