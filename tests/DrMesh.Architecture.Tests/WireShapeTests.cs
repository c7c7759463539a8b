using System.Reflection;
using System.Text;

namespace DrMesh.Architecture.Tests;

/// <summary>
/// The wire shapes of the contracts, recorded in a file, so that a change is visible in review. An alias or an id never changes and never
/// comes back. Set <c>DRMESH_RECORD=1</c> to write the file anew.
/// </summary>
public sealed class WireShapeTests
{
    private static readonly string Recorded = Path.Combine(Tree.Root, "contracts/DrMesh.Contracts/wire-shapes.txt");

    [Fact]
    public async Task Contracts_WireShapes_AreAsRecorded()
    {
        var now = Dump(typeof(DrMesh.Contracts.Errors.DrMeshError).Assembly);
        if (Environment.GetEnvironmentVariable("DRMESH_RECORD") == "1")
        {
            await File.WriteAllTextAsync(Recorded, now, TestContext.Current.CancellationToken);
        }

        var recorded = await File.ReadAllTextAsync(Recorded, TestContext.Current.CancellationToken);
        now.ShouldBe(recorded, "a wire shape changed; if that is meant and only adds, record it with DRMESH_RECORD=1 ./drmesh test Architecture");
    }

    [Fact]
    public void Contracts_Aliases_AreUnique() =>
        typeof(DrMesh.Contracts.Errors.DrMeshError).Assembly.GetExportedTypes()
            .SelectMany(type => type.GetCustomAttributes<AliasAttribute>(false).Select(alias => (alias.Alias, type)))
            .GroupBy(pair => pair.Alias).Where(group => group.Count() > 1).Select(group => group.Key)
            .ShouldBeEmpty();

    private static string Dump(Assembly contracts)
    {
        var text = new StringBuilder();
        foreach (var type in contracts.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            if (typeof(IAddressable).IsAssignableFrom(type) && type.IsInterface)
            {
                text.Append("grain ").Append(type.FullName).Append(Alias(type)).Append('\n');
                foreach (var method in type.GetMethods().OrderBy(method => method.ToString(), StringComparer.Ordinal))
                {
                    var parameters = method.GetParameters().Select(parameter => $"{Name(parameter.ParameterType)} {parameter.Name}");
                    text.Append("  ").Append(Name(method.ReturnType)).Append(' ').Append(method.Name)
                        .Append('(').AppendJoin(", ", parameters).Append(')').Append(Alias(method)).Append('\n');
                }
            }
            else if (type.IsEnum)
            {
                text.Append("enum ").Append(type.FullName).Append('\n');
                foreach (var value in Enum.GetValues(type))
                {
                    text.Append("  ").Append(Convert.ToInt64(value)).Append(' ').Append(value).Append('\n');
                }
            }
            else if (type.GetCustomAttribute<GenerateSerializerAttribute>(false) is not null)
            {
                text.Append("message ").Append(type.FullName).Append(Alias(type)).Append('\n');
                foreach (var (id, member, memberType) in Members(type).OrderBy(member => member.id))
                {
                    text.Append("  ").Append(id).Append(' ').Append(member).Append(": ").Append(memberType).Append('\n');
                }
            }
        }

        return text.ToString();
    }

    private static IEnumerable<(uint id, string name, string type)> Members(Type type) =>
        from property in type.GetProperties(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        let id = property.GetCustomAttribute<IdAttribute>()
        where id is not null
        select (id.Id, property.Name, Name(property.PropertyType));

    private static string Alias(MemberInfo member) =>
        member.GetCustomAttribute<AliasAttribute>(false) is { } alias ? $" [{alias.Alias}]" : "";

    private static string Name(Type type) =>
        type.IsGenericType
            ? $"{type.Name[..type.Name.IndexOf('`')]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
            : type.IsArray ? $"{Name(type.GetElementType()!)}[]" : type.Name;
}
