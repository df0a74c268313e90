module create-service/templates

go 1.26.0
