using System.Text.Json.Nodes;
using DrMesh.Contracts.Regions;

namespace DrMesh.Core.Estate.Values;

/// <summary>A node, as <c>region/node</c>.</summary>
internal sealed class NodeKind : ScalarKind
{
    public override string Expectation => "a node written as region/node";

    public override string TypeName => "region/node";

    public override object Placeholder => new NodeId(new RegionId(""), "");

    public override bool IsText => true;

    public override bool TryParse(string text, out object value, out string? problem)
    {
        problem = null;
        var parts = text.Split('/');
        if (parts.Length != 2 || parts[0].Length == 0 || parts[1].Length == 0)
        {
            value = Placeholder;
            return false;
        }

        value = new NodeId(new RegionId(parts[0]), parts[1]);
        return true;
    }

    public override string Format(object value) => ((NodeId)value).ToString();

    public override JsonObject JsonSchema(string? atLeast, string? atMost) => new() { ["type"] = "string", ["pattern"] = "^[^/]+/[^/]+$" };
}
