{{/*
What the chart makes up: once for a release, and kept. The cluster is asked for what is there: the Secret itself, or the
copy for the hook, which is all that a failed first installation leaves. Within one rendering all templates get the
same: it is remembered in .Release.
*/}}

{{/* Of a list of the root, a key, and names of Secrets: the value that the first of them has, or a new one in hex. */}}
{{- define "mathesar.kept" -}}
{{- $root := index . 0 -}}
{{- $key := index . 1 -}}
{{- $made := printf "made %s" $key -}}
{{- if not (hasKey $root.Release $made) -}}
{{- $value := "" -}}
{{- range $name := slice . 2 -}}
{{- $secret := lookup "v1" "Secret" $root.Release.Namespace $name | default dict -}}
{{- $value = $value | default (get ($secret.data | default dict) $key | b64dec) -}}
{{- end -}}
{{- $_ := set $root.Release $made ($value | default (printf "%x" (randBytes 32 | b64dec))) -}}
{{- end -}}
{{- get $root.Release $made -}}
{{- end }}

{{/* The data of the Secret that the chart makes, in base64; nothing where everything is in Secrets of yours. */}}
{{- define "mathesar.secretData" -}}
{{- if not .Values.secrets.existingSecret -}}
{{- $name := include "mathesar.fullname" . -}}
{{- range $key := list "SECRET_KEY" "MATHESAR_SETUP_CODE" }}
{{ $key }}: {{ include "mathesar.kept" (list $ $key $name (include "mathesar.hook" $)) | b64enc }}
{{- end }}
{{- if eq .Values.database.type "url" }}
DATABASE_URL: {{ .Values.database.url | b64enc }}
{{- end }}
{{- range $database, $from := .Values.databases }}
{{- if $from.url }}
{{ include "mathesar.databaseVariable" $database }}: {{ $from.url | b64enc }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{/* Every Secret of somebody else's that the app reads, as a list in JSON, in order. */}}
{{- define "mathesar.foreignSecrets" -}}
{{- $names := list .Values.secrets.existingSecret .Values.databasesSecret.name .Values.database.secretName -}}
{{- if eq .Values.database.type "cloudnativepg" -}}
{{- $names = append $names (printf "%s-app" (include "mathesar.database" .)) -}}
{{- end -}}
{{- range $ignored, $from := .Values.databases }}{{ $names = append $names ($from.secretName | default "") }}{{ end -}}
{{- range $ignored, $from := .Values.secretEnv }}{{ $names = append $names $from.name }}{{ end -}}
{{- $names | compact | uniq | sortAlpha | toJson -}}
{{- end }}

{{/*
What pods are made anew for. Our own Secret holds a random key, so that its sum tells nothing about a password; of the
others it is their version that counts, which the cluster changes with every change.
*/}}
{{- define "mathesar.checksum" -}}
{{- $seen := list (include "mathesar.secretData" .) -}}
{{- range $name := include "mathesar.foreignSecrets" . | fromJsonArray -}}
{{- $secret := lookup "v1" "Secret" $.Release.Namespace $name | default dict -}}
{{- $meta := $secret.metadata | default dict -}}
{{- $seen = append $seen (printf "%s %v %v" $name $meta.uid $meta.resourceVersion) -}}
{{- end -}}
{{- join "\n" $seen | sha256sum -}}
{{- end }}
