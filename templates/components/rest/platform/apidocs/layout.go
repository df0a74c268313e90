package apidocs

const style = `
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #222; background: #fff; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid #ddd; }
code { font: 14px/1.5 ui-monospace, monospace; }
section { margin-top: 2.5rem; }
h3 code { font-size: 1rem; }
nav ul { columns: 2; padding-left: 1rem; }
@media (prefers-color-scheme: dark) {
  body { color: #ddd; background: #181818; }
  th, td { border-color: #444; }
  a { color: #8ab4f8; }
}
`

const layout = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{.Info.Title}} {{.Info.Version}}</title>
<style>{{style}}</style>
</head>
<body>
<header>
<h1>{{.Info.Title}} {{.Info.Version}}</h1>
<p>{{.Info.Description}}</p>
<p><a href="openapi.yaml">openapi.yaml</a></p>
</header>
<nav>
<ul>
{{- range $i, $e := .Endpoints}}
<li><a href="#operation-{{$i}}">{{$e.Summary}}</a></li>
{{- end}}
</ul>
</nav>
<main>
{{- range $i, $e := .Endpoints}}
<section id="operation-{{$i}}">
<h3><code>{{$e.Method}} {{$e.Path}}</code></h3>
<p>{{$e.Summary}}. {{$e.Description}}</p>
{{- with $e.Parameters}}
<table>
<tr><th>Parameter</th><th>In</th><th>Type</th><th></th></tr>
{{- range .}}
<tr><td><code>{{.Name}}</code>{{if .Required}} *{{end}}</td><td>{{.In}}</td><td>{{type .Schema}}</td><td>{{.Description}}</td></tr>
{{- end}}
</table>
{{- end}}
{{- with $e.RequestBody.Content}}
<p>Body: {{range $j, $c := .}}{{if $j}}, or {{end}}{{template "schema" $c.Value.Schema}} as <code>{{$c.Name}}</code>{{end}}</p>
{{- end}}
<table>
<tr><th>Status</th><th>Answer</th><th></th></tr>
{{- range $e.Responses}}
<tr><td>{{.Name}}</td><td>{{range .Value.Content}}{{template "schema" .Value.Schema}}{{end}}</td><td>{{.Value.Description}}</td></tr>
{{- end}}
</table>
</section>
{{- end}}
{{- range .Components.Schemas}}
{{- $schema := .Value}}
<section id="schema-{{.Name}}">
<h3>{{.Name}}</h3>
<p>{{$schema.Description}}</p>
<table>
<tr><th>Property</th><th>Type</th><th></th></tr>
{{- range $schema.Properties}}
<tr><td><code>{{.Name}}</code>{{if $schema.IsRequired .Name}} *{{end}}</td><td>{{template "schema" .Value}}</td><td>{{.Value.Description}}</td></tr>
{{- end}}
</table>
</section>
{{- end}}
</main>
<footer><p>* required</p></footer>
</body>
</html>
{{define "schema"}}{{with link .}}<a href="#schema-{{.}}">{{.}}</a>{{else}}{{type .}}{{end}}{{end}}
`
