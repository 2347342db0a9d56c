{{/* What every pod of the chart has, so that the restricted Pod Security Standard holds for all of them. */}}

{{- define "mathesar.podSecurity" -}}
runAsNonRoot: true
runAsUser: {{ . }}
runAsGroup: {{ . }}
fsGroup: {{ . }}
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "mathesar.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop:
    - ALL
{{- end }}

{{/* Of the root: what the app's pods and the hook's have in common. */}}
{{- define "mathesar.appPod" -}}
automountServiceAccountToken: false
# Variables like MATHESAR_PORT, which Kubernetes would make from the name of the service, are read by nobody
enableServiceLinks: false
{{- with .Values.serviceAccountName }}
serviceAccountName: {{ . }}
{{- end }}
{{- with .Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
{{- range . }}
  - name: {{ . }}
{{- end }}
{{- end }}
securityContext:
  {{- include "mathesar.podSecurity" 10001 | nindent 2 }}
{{- with .Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
volumes:
  - name: tmp
    emptyDir:
      sizeLimit: 64Mi
{{- end }}

{{/* Of a list of the root, the name of the Secret that the chart makes, and the command: the app's container. */}}
{{- define "mathesar.appContainer" -}}
{{- $root := index . 0 -}}
name: app
image: {{ include "mathesar.image" $root | quote }}
imagePullPolicy: {{ $root.Values.image.pullPolicy }}
command: {{ index . 2 | toJson }}
env:
  {{- include "mathesar.env" (list $root (index . 1)) | nindent 2 }}
resources:
  {{- toYaml $root.Values.resources | nindent 2 }}
securityContext:
  {{- include "mathesar.containerSecurity" $root | nindent 2 }}
volumeMounts:
  - name: tmp
    mountPath: /tmp
{{- end }}
