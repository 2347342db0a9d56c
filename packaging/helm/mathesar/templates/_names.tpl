{{/* Names and labels. 40 characters leave room for what Kubernetes and operators put behind a name. */}}

{{- define "mathesar.fullname" -}}
{{- $name := .Values.fullnameOverride -}}
{{- if not $name -}}
{{- $name = ternary .Release.Name (printf "%s-%s" .Release.Name .Chart.Name) (contains .Chart.Name .Release.Name) -}}
{{- end -}}
{{- $name = $name | replace "." "-" -}}
{{- if regexMatch "^[0-9]" $name }}{{ $name = printf "m%s" $name }}{{ end -}}
{{- $name | trunc 40 | trimSuffix "-" -}}
{{- end }}

{{- define "mathesar.database" -}}
{{ include "mathesar.fullname" . }}-db
{{- end }}

{{/*
The hook's Job and Secret, which Helm deletes by their names alone before it makes them anew. No other object of any
release is called so: those begin with a letter.
*/}}
{{- define "mathesar.hook" -}}
0-{{ include "mathesar.fullname" . }}-release
{{- end }}

{{/* Of a list of the root and the component: what selectors match. */}}
{{- define "mathesar.selector" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: {{ $root.Chart.Name }}
app.kubernetes.io/instance: {{ $root.Release.Name | trunc 63 | trimAll "-." | quote }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{/* Of a list of the root and the component: all labels. */}}
{{- define "mathesar.labels" -}}
{{- $root := index . 0 -}}
{{ include "mathesar.selector" . }}
app.kubernetes.io/part-of: {{ $root.Chart.Name }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "mathesar.image" -}}
{{- $image := .Values.image -}}
{{- if $image.digest -}}
{{ $image.repository }}@{{ $image.digest }}
{{- else -}}
{{ $image.repository }}:{{ $image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end }}

{{/* The address that people open, or nothing: then it is `kubectl port-forward`, at localhost. */}}
{{- define "mathesar.url" -}}
{{- $hosts := concat (ternary .Values.ingress.hosts list .Values.ingress.enabled) (ternary .Values.gateway.hostnames list .Values.gateway.enabled) -}}
{{- if .Values.url -}}
{{ .Values.url }}
{{- else if $hosts -}}
https://{{ first $hosts }}
{{- end -}}
{{- end }}

{{/* The most replicas that there can be. */}}
{{- define "mathesar.mostReplicas" -}}
{{ ternary .Values.autoscaling.maxReplicas .Values.replicas .Values.autoscaling.enabled }}
{{- end }}
