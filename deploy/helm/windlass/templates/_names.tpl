{{- define "windlass.name" -}}{{ .Release.Name | trunc 40 | trimSuffix "-" }}-windlass{{- end -}}
{{- define "windlass.labels" -}}
app.kubernetes.io/name: windlass
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}
