namespace DrMesh.Engines.MongoDb;

/// <summary>Namespaces: a database, a dot, a collection whose name may contain dots.</summary>
internal static class Namespaces
{
    public static string Database(string ns) => ns.Split('.', 2)[0];

    public static string Collection(string ns) => ns.Split('.', 2) is [_, var collection] ? collection : "";
}
