using System.Collections.Immutable;
using System.Text.Json;
using CsCheck;
using DrMesh.Contracts.Estate;
using DrMesh.Core.Estate;
using DrMesh.Core.Estate.Planning;
using DrMesh.Core.Estate.Reading;
using DrMesh.Core.Estate.Writing;
using DrMesh.Core.Estate.Yaml;

namespace DrMesh.Core.Tests.Estate;

public sealed class EstatePropertyTests
{
    [Fact]
    public void Read_WhatWasWritten_IsTheSameEstate() => Estates.Any.Sample(estate =>
    {
        foreach (var text in new[] { EstateWriter.Canonical(estate), EstateWriter.Full(estate), EstateWriter.Brief(estate) })
        {
            var reading = EstateReader.Read(text);
            reading.Errors.Select(error => error.Describe("estate.yaml")).ShouldBeEmpty(text);

            // Compared by another serializer than the one under test.
            Json(reading.Document!).ShouldBe(Json(estate));
        }
    });

    [Fact]
    public void Between_AnEstateAndItself_IsNothing() => Estates.Any.Sample(estate => EstateDiff.Between(estate, estate).IsEmpty);

    [Fact]
    public void Between_TwoEstates_LeadsFromOneToTheOther() => Gen.Select(Estates.Any, Estates.Any).Sample((before, after) =>
    {
        var tree = YamlComposer.Compose(EstateWriter.Full(before))!;
        foreach (var change in EstateDiff.Between(before, after))
        {
            tree = Apply(tree, change.Path.Split('.'), change);
        }

        var reading = EstateReader.Read(YamlWriter.Write(tree));
        reading.Errors.Select(error => error.Describe("estate.yaml")).ShouldBeEmpty();
        Json(reading.Document!).ShouldBe(Json(after));
    });

    [Fact]
    public void ReadStored_LargerThanAFileMayBe_IsRead()
    {
        var few = EstateReader.Read(Example.Text("three-regions-quorum.yaml")).Document!;
        var estate = few with
        {
            Clusters = [.. Enumerable.Range(1000, 5000).Select(index => few.Clusters[0] with { Name = new Contracts.Databases.ClusterId($"c{index}") })],
        };
        var stored = EstateWriter.Canonical(estate);

        stored.Length.ShouldBeGreaterThan(EstateLimits.MaxBytes);
        EstateReader.ReadStored(stored).Document.ShouldNotBeNull().Clusters.Length.ShouldBe(5000);
    }

    [Fact]
    public void Read_AnyDamage_IsReportedNotThrown() =>
        Gen.Select(Estates.OneOf(Example.Names().Select(Example.Text).ToArray()), Gen.Int[0, 100_000], Gen.Int[0, 40], Gen.String[Gen.Char["{}[]:-&*!|>'\"%@`#,? \n\tab0"], 0, 6])
            .Sample((text, at, length, junk) =>
            {
                var start = at % text.Length;
                var damaged = text.Remove(start, Math.Min(length, text.Length - start)).Insert(start, junk);
                var reading = EstateReader.Read(damaged);
                return reading.Document is not null || !reading.Findings.IsEmpty;
            }, iter: 200);

    private static YamlNode Apply(YamlNode? node, ReadOnlySpan<string> path, EstateChange change)
    {
        var mapping = node as YamlMapping ?? new YamlMapping(default, []);
        var key = path[0];
        var index = mapping.Entries.ToList().FindIndex(entry => entry.Key.Value == key);
        var entries = mapping.Entries;
        if (path.Length == 1 && change.Kind == EstateChangeKind.Remove)
        {
            return mapping with { Entries = entries.RemoveAt(index) };
        }

        var value = path.Length == 1
            ? YamlComposer.Compose(change.After!)!
            : Apply(index < 0 ? null : entries[index].Value, path[1..], change);
        var entry = (new YamlScalar(default, key, IsText: true), value);
        return mapping with { Entries = index < 0 ? entries.Add(entry) : entries.SetItem(index, entry) };
    }

    private static string Json(EstateDocument estate) => JsonSerializer.Serialize(
        estate with { Clusters = [] }) + JsonSerializer.Serialize(estate.Clusters.Select(cluster => (object)cluster).ToImmutableArray());
}
