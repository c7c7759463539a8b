namespace DrMesh.Engines.MongoDb.Backup;

/// <summary>Which of a server's own collections belong to a backup.</summary>
internal static class SystemNamespaces
{
    public const string Users = "system.users";
    public const string Roles = "system.roles";
    private static readonly HashSet<string> OfAdmin = [Users, Roles, "system.version"];

    /// <summary>Databases that describe one server, not the data.</summary>
    public static bool IsBackedUp(string database) => database is not ("local" or "config");

    /// <summary>Users, roles and the authorisation schema's version are; stored JavaScript and time-series buckets are; views come with their definitions.</summary>
    public static bool IsBackedUp(string database, string collection)
    {
        if (!IsBackedUp(database))
        {
            return false;
        }

        return !collection.StartsWith("system.", StringComparison.Ordinal)
            || collection == "system.js"
            || collection.StartsWith("system.buckets.", StringComparison.Ordinal)
            || (database == "admin" && OfAdmin.Contains(collection));
    }
}
