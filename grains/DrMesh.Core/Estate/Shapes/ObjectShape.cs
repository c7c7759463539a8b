using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using DrMesh.Contracts.Estate.Schema;
using DrMesh.Core.Estate.Values;

namespace DrMesh.Core.Estate.Shapes;

/// <summary>
/// The keys of one record of the contracts, read from its properties: the only source of what the parser knows, what the JSON Schema says
/// and what the reference guide lists.
/// </summary>
internal sealed class ObjectShape
{
    private static readonly ConcurrentDictionary<Type, ObjectShape> Known = new();

    private ObjectShape(Type type)
    {
        Type = type;
        OneOf = [.. type.GetCustomAttribute<EstateOneOfAttribute>()?.Keys ?? []];
        Name = PropertiesOf(type).FirstOrDefault(property => property.IsDefined(typeof(EstateNameAttribute)));
        NameDescription = Name?.GetCustomAttribute<EstateNameAttribute>();
        NameKind = Name is null ? null : ScalarKinds.ForName(Name.PropertyType);
        VariantKey = type.GetCustomAttributes<EstateVariantAttribute>(inherit: false).FirstOrDefault()?.Key;
        Variants = type.GetCustomAttributes<EstateVariantAttribute>(inherit: false).ToImmutableSortedDictionary(
            variant => variant.Value, variant => Of(variant.Type), StringComparer.Ordinal);
        Discriminator = DiscriminatorOf(type);
        Keys = type.IsAbstract ? [] : KeysOf(type);
    }

    /// <summary>The record.</summary>
    public Type Type { get; }

    /// <summary>Its keys, in the record's order; none for a record that only has forms.</summary>
    public ImmutableArray<KeyShape> Keys { get; }

    /// <summary>Exactly one of these keys must be given; empty when there is no such rule.</summary>
    public ImmutableArray<string> OneOf { get; }

    /// <summary>The property that holds an entry's name, or null.</summary>
    public PropertyInfo? Name { get; }

    /// <summary>What the contract says of the name.</summary>
    public EstateNameAttribute? NameDescription { get; }

    /// <summary>How the name is read.</summary>
    public ScalarKind? NameKind { get; }

    /// <summary>The key that tells the forms apart, or null when there is one form only.</summary>
    public string? VariantKey { get; }

    /// <summary>The forms, by the value of <see cref="VariantKey"/>.</summary>
    public ImmutableSortedDictionary<string, ObjectShape> Variants { get; }

    /// <summary>For a form: the key and the value that choose it.</summary>
    public (string Key, string Value)? Discriminator { get; }

    /// <summary>The shape of <paramref name="type"/>.</summary>
    public static ObjectShape Of(Type type) => Known.GetOrAdd(type, record => new ObjectShape(record));

    /// <summary>The shape of this very entry: its form's, where there are forms.</summary>
    public ObjectShape For(object entry) => VariantKey is null ? this : Of(entry.GetType());

    /// <summary>Every key that may be written, the one that chooses the form included.</summary>
    public IEnumerable<string> KnownKeys()
    {
        if (Discriminator is { } chosen)
        {
            yield return chosen.Key;
        }

        foreach (var key in Keys)
        {
            yield return key.Key;
        }
    }

    /// <summary>A new entry with its defaults, and stand-ins for what is required, so that a check never meets a null it does not expect.</summary>
    public object Create()
    {
        var shape = VariantKey is null ? this : Variants.First().Value;
        var entry = Activator.CreateInstance(shape.Type)!;
        foreach (var key in shape.Keys.Where(key => key.IsRequired))
        {
            key.Property.SetValue(entry, key.Value switch
            {
                ScalarShape scalar => scalar.Kind.Placeholder,
                ObjectValueShape inner => inner.Object.Create(),
                ScalarListShape list => ImmutableArrays.Create(list.Item, []),
                ObjectListShape list => ImmutableArrays.Create(list.Object.Type, []),
                NamedEntriesShape entries => ImmutableArrays.Create(entries.Object.Type, []),
                _ => null,
            });
        }

        shape.Name?.SetValue(entry, shape.NameKind!.Placeholder);
        return entry;
    }

    private static ImmutableArray<KeyShape> KeysOf(Type type)
    {
        var defaults = Activator.CreateInstance(type)!;
        return [.. PropertiesOf(type).Select(property => (property, description: property.GetCustomAttribute<EstateKeyAttribute>()))
            .Where(pair => pair.description is not null)
            .Select(pair => new KeyShape
            {
                Key = JsonNamingPolicy.CamelCase.ConvertName(pair.property.Name),
                Description = pair.description!,
                IsRequired = pair.property.IsDefined(typeof(RequiredMemberAttribute)),
                Default = pair.property.GetValue(defaults),
                Value = ValueOf(pair.property, pair.description!),
                Property = pair.property,
            })];
    }

    private static ValueShape ValueOf(PropertyInfo property, EstateKeyAttribute description)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        if (ScalarKinds.For(type, description.Format) is { } kind)
        {
            return new ScalarShape(kind);
        }

        if (!type.IsGenericType || type.GetGenericTypeDefinition() != typeof(ImmutableArray<>))
        {
            return new ObjectValueShape(Of(type));
        }

        var item = type.GetGenericArguments()[0];
        if (ScalarKinds.For(item, description.Format) is { } itemKind)
        {
            return new ScalarListShape(itemKind, item);
        }

        var shape = Of(item);
        return shape.Name is null ? new ObjectListShape(shape) : new NamedEntriesShape(shape);
    }

    private static (string, string)? DiscriminatorOf(Type type) =>
        type.BaseType?.GetCustomAttributes<EstateVariantAttribute>(inherit: false).FirstOrDefault(variant => variant.Type == type) is { } chosen
            ? (chosen.Key, chosen.Value)
            : null;

    // What a base record declares comes first, as a person would write it.
    private static IEnumerable<PropertyInfo> PropertiesOf(Type type)
    {
        const BindingFlags Own = BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        var inherited = type.BaseType is { } parent && parent != typeof(object) ? PropertiesOf(parent) : [];
        return inherited.Concat(type.GetProperties(Own).OrderBy(property => property.MetadataToken));
    }
}
