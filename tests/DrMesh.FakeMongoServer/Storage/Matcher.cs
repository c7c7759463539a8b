using System.Globalization;
using MongoDB.Bson;

namespace DrMesh.FakeMongoServer.Storage;

/// <summary>A small part of MongoDB's query language: what the tests' clients ask for. Anything else is refused, never ignored.</summary>
internal static class Matcher
{
    public static bool Matches(BsonDocument document, BsonDocument filter) => filter.Elements.All(element => element.Name switch
    {
        "$and" => element.Value.AsBsonArray.All(part => Matches(document, part.AsBsonDocument)),
        "$or" => element.Value.AsBsonArray.Any(part => Matches(document, part.AsBsonDocument)),
        "$comment" => true,
        _ when element.Name.StartsWith('$') => throw CommandFault.BadValue($"unknown top level operator: {element.Name}"),
        _ => MatchesField(Resolve(document, element.Name), element.Value),
    });

    /// <summary>The value at a dotted path; null: there is none.</summary>
    public static BsonValue? Resolve(BsonDocument document, string path)
    {
        BsonValue current = document;
        foreach (var name in path.Split('.'))
        {
            switch (current)
            {
                case BsonDocument inner when inner.TryGetValue(name, out var value):
                    current = value;
                    break;
                case BsonArray array when int.TryParse(name, CultureInfo.InvariantCulture, out var index) && index < array.Count:
                    current = array[index];
                    break;
                default:
                    return null;
            }
        }

        return current;
    }

    /// <summary>Orders documents by a sort specification.</summary>
    public static IEnumerable<BsonDocument> Sort(IEnumerable<BsonDocument> documents, BsonDocument sort)
    {
        return documents.Order(Comparer<BsonDocument>.Create((one, other) =>
        {
            foreach (var element in sort)
            {
                var order = (Resolve(one, element.Name) ?? BsonNull.Value).CompareTo(Resolve(other, element.Name) ?? BsonNull.Value);
                if (order != 0)
                {
                    return element.Value.ToInt32() < 0 ? -order : order;
                }
            }

            return 0;
        }));

    }

    /// <summary>Keeps or leaves out top-level fields.</summary>
    public static BsonDocument Project(BsonDocument document, BsonDocument? projection)
    {
        if (projection is null || projection.ElementCount == 0)
        {
            return document;
        }

        var includes = projection.Elements.Any(element => element.Name != "_id" && element.Value.ToBoolean());
        return new BsonDocument(document.Elements.Where(element =>
            projection.TryGetValue(element.Name, out var wanted) ? wanted.ToBoolean() : !includes || element.Name == "_id"));
    }

    private static bool MatchesField(BsonValue? value, BsonValue condition)
    {
        if (condition is BsonDocument { ElementCount: > 0 } operators && operators.GetElement(0).Name.StartsWith('$'))
        {
            return operators.Elements.All(element => Operator(value, element.Name, element.Value));
        }

        return Operator(value, "$eq", condition);
    }

    private static bool Operator(BsonValue? value, string name, BsonValue operand) => name switch
    {
        "$eq" => (value ?? BsonNull.Value) == operand || (value is BsonArray array && array.Contains(operand)),
        "$ne" => !Operator(value, "$eq", operand),
        "$gt" => Compare(value, operand) > 0,
        "$gte" => Compare(value, operand) >= 0,
        "$lt" => Compare(value, operand) < 0,
        "$lte" => Compare(value, operand) <= 0,
        "$in" => operand.AsBsonArray.Any(item => Operator(value, "$eq", item)),
        "$nin" => !Operator(value, "$in", operand),
        "$exists" => operand.ToBoolean() == value is not null,
        "$regex" => value is BsonString text && System.Text.RegularExpressions.Regex.IsMatch(text.Value, operand.ToString()!),
        _ => throw CommandFault.BadValue($"unknown operator: {name}"),
    };

    // Comparison operators match values of the same kind only.
    private static int? Compare(BsonValue? value, BsonValue operand) =>
        value is not null && (value.BsonType == operand.BsonType || (value.IsNumeric && operand.IsNumeric)) ? value.CompareTo(operand) : null;
}
