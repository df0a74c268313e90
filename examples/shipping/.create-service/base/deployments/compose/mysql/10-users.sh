# Sourced by the image when the data directory is new: two accounts, as in production. The service
# reads and writes rows; only the migrations may change tables.
database="\`${MYSQL_DATABASE//_/\\_}\`"
docker_process_sql <<SQL
CREATE USER 'migrate'@'%' IDENTIFIED BY '$MYSQL_MIGRATE_PASSWORD';
GRANT ALL ON $database.* TO 'migrate'@'%';
REVOKE ALL ON $database.* FROM '$MYSQL_USER'@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON $database.* TO '$MYSQL_USER'@'%';
SQL
