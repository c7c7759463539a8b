using Microsoft.Extensions.Options;
using Npgsql;

namespace DrMesh.Grains.ControlStore;

/// <summary>Checks the options before anything connects; messages name the configuration path.</summary>
internal sealed class ControlStoreOptionsValidator : IValidateOptions<ControlStoreOptions>
{
    private const string Path = $"{ControlStoreOptions.Section}:connectionString";

    public ValidateOptionsResult Validate(string? name, ControlStoreOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.ConnectionString))
        {
            return ValidateOptionsResult.Fail($"{Path} is empty; expected a PostgreSQL connection string such as Host=127.0.0.1;Port=5432;Database=drmesh;Username=drmesh");
        }

        NpgsqlConnectionStringBuilder builder;
        try
        {
            builder = new NpgsqlConnectionStringBuilder(options.ConnectionString);
        }
        catch (Exception invalid) when (invalid is ArgumentException or FormatException or KeyNotFoundException)
        {
            return ValidateOptionsResult.Fail($"{Path} is not a PostgreSQL connection string: {invalid.Message}");
        }

        if (string.IsNullOrWhiteSpace(builder.Host))
        {
            return ValidateOptionsResult.Fail($"{Path} names no host; expected Host=name or Host=a:5432,b:5432");
        }

        // Orleans and DrMesh write; a string that may end at a standby would fail at the first write instead of here.
        return builder.TargetSessionAttributes is null or "primary" or "Primary" or "read-write" or "ReadWrite"
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"{Path} has Target Session Attributes={builder.TargetSessionAttributes}; expected primary, or leave it out");
    }
}
