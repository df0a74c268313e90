// Run by the image when the data directory is new: two accounts, as in production. The service
// reads and writes documents; only the migrations may make collections and indexes.
const database = db.getSiblingDB(process.env.MONGO_INITDB_DATABASE);
database.createRole({
  role: "documents",
  privileges: [{ resource: { db: database.getName(), collection: "" }, actions: ["find", "insert", "update", "remove"] }],
  roles: [],
});
database.createUser({ user: "app", pwd: process.env.MONGODB_PASSWORD, roles: ["documents"] });
database.createUser({ user: "migrate", pwd: process.env.MONGODB_MIGRATE_PASSWORD, roles: ["readWrite", "dbAdmin"] });
