namespace DrMesh.Contracts.Estate.Schema;

/// <summary>One of the forms an entry can take, told apart by the value of one key.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class EstateVariantAttribute(string key, string value, Type type) : Attribute
{
    /// <summary>The key that tells the forms apart, for example <c>engine</c>.</summary>
    public string Key { get; } = key;

    /// <summary>Its value for this form.</summary>
    public string Value { get; } = value;

    /// <summary>The record of this form.</summary>
    public Type Type { get; } = type;
}
