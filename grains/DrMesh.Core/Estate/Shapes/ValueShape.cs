using DrMesh.Core.Estate.Values;

namespace DrMesh.Core.Estate.Shapes;

/// <summary>What stands behind a key.</summary>
internal abstract record ValueShape;

/// <summary>A single value.</summary>
internal sealed record ScalarShape(ScalarKind Kind) : ValueShape;

/// <summary>A list of single values.</summary>
internal sealed record ScalarListShape(ScalarKind Kind, Type Item) : ValueShape;

/// <summary>One entry.</summary>
internal sealed record ObjectValueShape(ObjectShape Object) : ValueShape;

/// <summary>A list of entries without names.</summary>
internal sealed record ObjectListShape(ObjectShape Object) : ValueShape;

/// <summary>A mapping from names to entries.</summary>
internal sealed record NamedEntriesShape(ObjectShape Object) : ValueShape;
