using System.Collections.Concurrent;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Estate.Schema;
using DrMesh.Contracts.Regions;

namespace DrMesh.Core.Estate.Values;

/// <summary>The kind of single value that stands behind a type of the contracts.</summary>
internal static class ScalarKinds
{
    private static readonly ScalarKind Integer = new IntegerKind();
    private static readonly ScalarKind Boolean = new BooleanKind();
    private static readonly ScalarKind Duration = new DurationKind();
    private static readonly ScalarKind Size = new SizeKind();
    private static readonly ScalarKind Node = new NodeKind();
    private static readonly ConcurrentDictionary<Type, ScalarKind> Choices = new();

    /// <summary>The kind for <paramref name="type"/>, or null when its values are not single ones.</summary>
    public static ScalarKind? For(Type type, ValueFormat format) =>
        type == typeof(int) ? Integer
        : type == typeof(bool) ? Boolean
        : type == typeof(TimeSpan) ? Duration
        : type == typeof(ByteSize) ? Size
        : type == typeof(NodeId) ? Node
        : type.IsEnum ? Choices.GetOrAdd(type, enumeration => new ChoiceKind(enumeration))
        : type == typeof(string) || type == typeof(RegionId) || type == typeof(ClusterId) ? new TextKind(type, TextFormat.Of(format))
        : null;

    /// <summary>The kind of a property that holds an entry's name.</summary>
    public static ScalarKind ForName(Type type) => new TextKind(type, TextFormat.Name);
}
