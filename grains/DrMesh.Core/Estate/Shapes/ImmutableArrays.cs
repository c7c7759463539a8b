using System.Collections.Immutable;
using System.Reflection;

namespace DrMesh.Core.Estate.Shapes;

/// <summary>Arrays whose item type is known only when the program runs.</summary>
internal static class ImmutableArrays
{
    private static readonly MethodInfo Generic = typeof(ImmutableArrays).GetMethod(nameof(Cast), BindingFlags.NonPublic | BindingFlags.Static)!;

    /// <summary>An <see cref="ImmutableArray{T}"/> of <paramref name="item"/> with the given items.</summary>
    public static object Create(Type item, IReadOnlyList<object> items) => Generic.MakeGenericMethod(item).Invoke(null, [items])!;

    private static ImmutableArray<T> Cast<T>(IReadOnlyList<object> items) => [.. items.Cast<T>()];
}
