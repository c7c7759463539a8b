using MongoDB.Bson;

namespace DrMesh.FakeMongoServer.Storage;

/// <summary>
/// The delta form of an update's oplog entry since MongoDB 5.0: <c>{$v: 2, diff: {d: {removed}, u: {changed}, i: {added}, s&lt;field&gt;: {inner diff}}}</c>. Arrays are
/// written as a whole here; a server writes them piece by piece, which applying understands too.
/// </summary>
internal static class OplogDiff
{
    public static BsonDocument Make(BsonDocument before, BsonDocument after) => new() { { "$v", 2 }, { "diff", Diff(before, after) } };

    public static BsonDocument Apply(BsonDocument document, BsonDocument diff)
    {
        var result = new BsonDocument(document);
        foreach (var part in diff)
        {
            switch (part.Name)
            {
                case "d":
                    foreach (var name in part.Value.AsBsonDocument.Names)
                    {
                        result.Remove(name);
                    }

                    break;
                case "u" or "i":
                    foreach (var element in part.Value.AsBsonDocument)
                    {
                        result[element.Name] = element.Value;
                    }

                    break;
                default:
                    var field = part.Name[1..];
                    result[field] = part.Value.AsBsonDocument.GetValue("a", false).ToBoolean()
                        ? ApplyArray(result[field].AsBsonArray, part.Value.AsBsonDocument)
                        : Apply(result[field].AsBsonDocument, part.Value.AsBsonDocument);
                    break;
            }
        }

        return result;
    }

    private static BsonDocument Diff(BsonDocument before, BsonDocument after)
    {
        var removed = new BsonDocument(before.Elements.Where(element => !after.Contains(element.Name)).Select(element => new BsonElement(element.Name, false)));
        var added = new BsonDocument(after.Elements.Where(element => !before.Contains(element.Name)));
        var changed = new BsonDocument();
        var inner = new BsonDocument();
        foreach (var element in after.Elements.Where(element => before.Contains(element.Name) && before[element.Name] != element.Value))
        {
            if (element.Value is BsonDocument now && before[element.Name] is BsonDocument earlier)
            {
                inner["s" + element.Name] = Diff(earlier, now);
            }
            else
            {
                changed.Add(element);
            }
        }

        var diff = new BsonDocument();
        foreach (var (name, part) in new[] { ("d", removed), ("u", changed), ("i", added) })
        {
            if (part.ElementCount > 0)
            {
                diff[name] = part;
            }
        }

        return diff.AddRange(inner);
    }

    private static BsonArray ApplyArray(BsonArray array, BsonDocument diff)
    {
        var result = new BsonArray(array);
        foreach (var part in diff.Where(part => part.Name != "a"))
        {
            if (part.Name == "l")
            {
                while (result.Count > part.Value.ToInt32())
                {
                    result.RemoveAt(result.Count - 1);
                }

                continue;
            }

            var index = int.Parse(part.Name[1..], System.Globalization.CultureInfo.InvariantCulture);
            while (result.Count <= index)
            {
                result.Add(BsonNull.Value);
            }

            result[index] = part.Name[0] == 'u' ? part.Value : Apply(result[index].AsBsonDocument, part.Value.AsBsonDocument);
        }

        return result;
    }
}
