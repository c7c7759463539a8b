using MongoDB.Bson;

namespace DrMesh.FakeMongoServer.Storage;

/// <summary>A few update operators, on top-level and dotted fields; others are refused.</summary>
internal static class UpdateOperators
{
    public static bool IsReplacement(BsonValue update) => update is BsonDocument document && (document.ElementCount == 0 || !document.GetElement(0).Name.StartsWith('$'));

    public static BsonDocument Apply(BsonDocument document, BsonDocument update, bool isInsert)
    {
        if (IsReplacement(update))
        {
            var replaced = new BsonDocument(update);
            replaced.Remove("_id");
            return new BsonDocument("_id", document["_id"]).AddRange(replaced);
        }

        var result = document.DeepClone().AsBsonDocument;
        foreach (var operation in update)
        {
            foreach (var field in operation.Value.AsBsonDocument)
            {
                Apply(result, operation.Name, field, isInsert);
            }
        }

        return result;
    }

    private static void Apply(BsonDocument document, string operation, BsonElement field, bool isInsert)
    {
        var path = field.Name.Split('.');
        var parent = document;
        foreach (var name in path[..^1])
        {
            if (!parent.TryGetValue(name, out var inner) || inner is not BsonDocument)
            {
                parent[name] = inner = new BsonDocument();
            }

            parent = inner.AsBsonDocument;
        }

        var last = path[^1];
        switch (operation)
        {
            case "$set":
                parent[last] = field.Value;
                break;
            case "$setOnInsert":
                if (isInsert)
                {
                    parent[last] = field.Value;
                }

                break;
            case "$unset":
                parent.Remove(last);
                break;
            case "$inc":
                parent[last] = Sum(parent.GetValue(last, 0), field.Value);
                break;
            case "$push":
                parent[last] = new BsonArray(parent.GetValue(last, new BsonArray()).AsBsonArray).Add(field.Value);
                break;
            default:
                throw CommandFault.BadValue($"unknown modifier: {operation}");
        }
    }

    private static BsonValue Sum(BsonValue one, BsonValue other) => (one, other) switch
    {
        (BsonInt32 left, BsonInt32 right) => new BsonInt32(left.Value + right.Value),
        _ when one.IsDouble || other.IsDouble => new BsonDouble(one.ToDouble() + other.ToDouble()),
        _ => new BsonInt64(one.ToInt64() + other.ToInt64()),
    };
}
