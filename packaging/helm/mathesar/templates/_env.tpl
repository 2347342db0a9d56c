{{/* The app's environment. It is a platform of its own, so that a lost variable stops the start. */}}

{{- define "mathesar.databaseVariable" -}}
MATHESAR_DATABASE_{{ upper . }}_URL
{{- end }}

{{/* Connections that the database has for one replica. */}}
{{- define "mathesar.connectionShare" -}}
{{ div (int .Values.database.connectionLimit) (int (include "mathesar.mostReplicas" .)) }}
{{- end }}

{{/* Of a variable, a Secret and a key: one entry. */}}
{{- define "mathesar.fromSecret" -}}
- name: {{ index . 0 }}
  valueFrom:
    secretKeyRef:
      name: {{ index . 1 }}
      key: {{ index . 2 }}
{{- end }}

{{/* Of a list of the root and the name of the Secret that the chart makes: the list for `env`. */}}
{{- define "mathesar.env" -}}
{{- $root := index . 0 -}}
{{- $own := index . 1 -}}
{{- $v := $root.Values -}}
{{- $database := $v.database -}}
- name: APP_PLATFORM
  value: kubernetes
- name: PORT
  value: "8000"
{{- with include "mathesar.url" $root }}
- name: APP_URL
  value: {{ . | quote }}
{{- end }}
{{- with concat (ternary $v.ingress.hosts list $v.ingress.enabled) (ternary $v.gateway.hostnames list $v.gateway.enabled) $v.extraHosts | uniq }}
- name: ALLOWED_HOSTS
  value: {{ join "," . | quote }}
{{- end }}
- name: APP_MEMORY_MB
  valueFrom:
    resourceFieldRef:
      containerName: app
      resource: limits.memory
      divisor: 1Mi
- name: APP_CONNECTION_LIMIT
  value: {{ include "mathesar.connectionShare" $root | quote }}
{{- if eq $database.type "existing" }}
{{ include "mathesar.fromSecret" (list "DATABASE_URL" $database.secretName $database.secretKey) }}
{{- else if eq $database.type "cloudnativepg" }}
{{ include "mathesar.fromSecret" (list "DATABASE_URL" (printf "%s-app" (include "mathesar.database" $root)) "uri") }}
{{- else if eq $database.type "trial" }}
{{ include "mathesar.fromSecret" (list "DATABASE_URL" (include "mathesar.database" $root) "uri") }}
{{- else }}
{{ include "mathesar.fromSecret" (list "DATABASE_URL" $own "DATABASE_URL") }}
{{- end }}
{{- $keys := $v.secrets.existingSecret | default $own }}
{{ include "mathesar.fromSecret" (list "SECRET_KEY" $keys "SECRET_KEY") }}
{{ include "mathesar.fromSecret" (list "MATHESAR_SETUP_CODE" $keys "MATHESAR_SETUP_CODE") }}
      optional: true
{{- range $name, $from := $v.databases }}
{{- $variable := include "mathesar.databaseVariable" $name }}
{{ include "mathesar.fromSecret" (list $variable ($from.secretName | default $own) (ternary $variable ($from.secretKey | default "uri") (empty $from.secretName))) }}
{{- end }}
{{- with $v.databasesSecret }}
{{- if .name }}
{{ include "mathesar.fromSecret" (list "MATHESAR_DATABASES" .name .key) }}
{{- end }}
{{- end }}
{{- range $name, $value := $v.env }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- range $name, $from := $v.secretEnv }}
{{ include "mathesar.fromSecret" (list $name $from.name $from.key) }}
{{- end }}
{{- end }}
